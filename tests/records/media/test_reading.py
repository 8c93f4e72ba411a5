"""Image processing keeps only the pixels and refuses anything but pictures."""

import zlib
from io import BytesIO

import pytest
from PIL import Image

from biobank.errors import PictureRefused
from biobank.records.media import reading
from biobank.records.media.addresses import SQUARE
from biobank.records.media.reading import clean
from tests.support.pictures import (
    BLUE,
    RED,
    chunks_of,
    encoded,
    png_of,
    quarters,
    with_gps,
)


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 25 for one, other in zip(pixel[:3], colour, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_in_sizes_never_larger_than_it_was(kind: str) -> None:
    cleaned = clean(encoded(quarters(1000, 500), kind))
    assert (cleaned.width, cleaned.height) == (1000, 500)
    assert cleaned.sizes == (160, 320, 640, 1000)
    assert set(cleaned.files) == {*cleaned.sizes, SQUARE}
    for size in cleaned.sizes:
        image = opened(cleaned.files[size])
        assert (image.format, image.size) == ("WEBP", (size, size // 2))
    assert opened(cleaned.files[SQUARE]).size == (128, 128)


def test_a_large_picture_is_kept_no_larger_than_the_largest_size() -> None:
    cleaned = clean(encoded(quarters(3000, 4000)))
    assert (cleaned.width, cleaned.height) == (960, 1280)
    assert cleaned.sizes == (160, 320, 640, 1280)


def test_nothing_is_left_of_place_telephone_profile_and_comment() -> None:
    sent = with_gps()
    assert b"SECRETPHONE" in sent
    assert b"SECRETPROFILE" in sent
    for content in clean(sent).files.values():
        assert b"SECRET" not in content
        assert b"Exif" not in content
        assert set(chunks_of(content)) <= {b"VP8 ", b"VP8L"}
        assert not opened(content).getexif()


@pytest.mark.parametrize(
    ("orientation", "upper_left", "lower_left"),
    [(1, RED, BLUE), (3, (220, 200, 40), (30, 160, 60)), (6, BLUE, (220, 200, 40))],
)
def test_a_turned_picture_is_kept_upright(
    orientation: int, upper_left: tuple[int, int, int], lower_left: tuple[int, int, int]
) -> None:
    cleaned = clean(with_gps(orientation))
    assert (cleaned.width, cleaned.height) == ((300, 400) if orientation == 6 else (400, 300))
    image = opened(cleaned.files[cleaned.sizes[-1]]).convert("RGB")
    assert near(image.getpixel((20, 20)), upper_left)
    assert near(image.getpixel((20, image.height - 20)), lower_left)


def test_what_hides_behind_or_within_a_picture_is_gone() -> None:
    script = b"<script>alert(1)</script><?php system($_GET[0]); ?>"
    png = encoded(kind="PNG")
    comment = encoded(comment=script)
    for sent in (encoded() + script, png + b"PK\x03\x04" + script, comment):
        for content in clean(sent).files.values():
            assert b"script" not in content
            assert b"php" not in content
            assert b"PK\x03\x04" not in content


@pytest.mark.parametrize("mode", ["L", "P", "1", "RGBA", "LA", "I;16"])
def test_pictures_of_every_kind_of_pixel_are_read(mode: str) -> None:
    image = quarters(mode="L" if mode in ("I;16", "LA") else mode)
    if mode in ("LA", "RGBA"):
        image.putalpha(128)
    if mode == "I;16":
        image = image.convert("I").point(lambda value: value * 256).convert("I;16")
    cleaned = clean(encoded(image, "PNG"))
    kept = opened(cleaned.files[400])
    assert kept.mode == ("RGBA" if "A" in mode else "RGB")
    pixel = kept.convert("L").getpixel((50, 50))
    assert isinstance(pixel, int)
    assert 30 < pixel < 130 or mode == "1"


def test_colours_of_print_are_read() -> None:
    assert clean(encoded(quarters(mode="CMYK"))).width == 400


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"GIF89a" + b"\x00" * 200,
        b"%PDF-1.7",
        b"<!doctype html><p>hello",
        b"",
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
        b"BM" + b"\x00" * 100,
        b"II*\x00" + b"\x00" * 100,
    ],
)
def test_what_is_no_picture_of_the_three_kinds_is_refused(data: bytes) -> None:
    with pytest.raises(PictureRefused) as caught:
        clean(data)
    assert caught.value.code == "picture_unknown"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_is_cut_short_or_spoilt_is_refused(kind: str) -> None:
    whole = encoded(quarters(600, 400), kind)
    for broken in (whole[: len(whole) // 2], whole[:40], whole[:12] + b"\x00" * 300):
        with pytest.raises(PictureRefused) as caught:
            clean(broken)
        assert caught.value.code == "picture_broken"


@pytest.mark.parametrize(
    ("width", "height"), [(6400, 6400), (20_001, 100), (60_000, 60_000), (2**31 - 1, 2**31 - 1)]
)
def test_a_bomb_is_refused_by_what_its_head_says(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(*_: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(Image.Image, "load", decode)
    with pytest.raises(PictureRefused) as caught:
        clean(png_of(width, height))
    assert caught.value.code == "picture_large"


def test_text_that_unpacks_without_end_is_refused() -> None:
    packed = b"Comment\x00\x00" + zlib.compress(b"a" * 80_000_000)
    chunk = len(packed).to_bytes(4, "big") + b"zTXt" + packed
    chunk += zlib.crc32(b"zTXt" + packed).to_bytes(4, "big")
    png = encoded(kind="PNG")
    with pytest.raises(PictureRefused):
        clean(png[:33] + chunk + png[33:])


def test_a_jpeg_of_very_many_scans_is_refused() -> None:
    with pytest.raises(PictureRefused) as caught:
        clean(encoded() + b"\xff\xda" * (reading.SCANS_MOST + 1))
    assert caught.value.code == "picture_broken"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (encoded(quarters(63, 400)), "picture_small"),
        (b"\xff\xd8\xff" + b"\x00" * reading.BYTES_MOST, "picture_heavy"),
    ],
)
def test_too_small_and_too_heavy_pictures_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(PictureRefused) as caught:
        clean(data)
    assert caught.value.code == code


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(kind: str) -> None:
    frames = [quarters(), quarters(mode="L").convert("RGB")]
    moving = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    with pytest.raises(PictureRefused) as caught:
        clean(moving)
    assert caught.value.code == "picture_moves"


def test_of_a_telephone_s_double_picture_the_first_is_kept() -> None:
    double = encoded(quarters(), "MPO", save_all=True, append_images=[quarters(200, 200)])
    assert clean(double).width == 400
