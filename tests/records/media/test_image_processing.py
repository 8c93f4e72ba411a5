"""Image processing keeps only the pixels and refuses anything but pictures."""

import zlib
from io import BytesIO

import pytest
from PIL import Image

from biobank.errors import PictureRefused
from biobank.records.media import image_processing
from biobank.records.media.image_processing import process_image
from biobank.records.media.urls import SQUARE
from tests.support.pictures import BLUE, RED, encode, jpeg_with_metadata, png_with_size, quarters, webp_chunks


def open_image(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def is_similar_colour(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(actual - expected) < 25 for actual, expected in zip(pixel[:3], colour, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_sizes_never_exceed_the_original(kind: str) -> None:
    cleaned = process_image(encode(quarters(1000, 500), kind))
    assert (cleaned.width, cleaned.height) == (1000, 500)
    assert cleaned.sizes == (160, 320, 640, 1000)
    assert set(cleaned.files) == {*cleaned.sizes, SQUARE}
    for size in cleaned.sizes:
        image = open_image(cleaned.files[size])
        assert (image.format, image.size) == ("WEBP", (size, size // 2))
    assert open_image(cleaned.files[SQUARE]).size == (128, 128)


def test_a_large_picture_is_scaled_to_the_largest_size() -> None:
    cleaned = process_image(encode(quarters(3000, 4000)))
    assert (cleaned.width, cleaned.height) == (960, 1280)
    assert cleaned.sizes == (160, 320, 640, 1280)


def test_metadata_is_removed() -> None:
    uploaded = jpeg_with_metadata()
    assert b"SECRETPHONE" in uploaded
    assert b"SECRETPROFILE" in uploaded
    for content in process_image(uploaded).files.values():
        assert b"SECRET" not in content
        assert b"Exif" not in content
        assert set(webp_chunks(content)) <= {b"VP8 ", b"VP8L"}
        assert not open_image(content).getexif()


@pytest.mark.parametrize(
    ("orientation", "upper_left", "lower_left"),
    [(1, RED, BLUE), (3, (220, 200, 40), (30, 160, 60)), (6, BLUE, (220, 200, 40))],
)
def test_exif_rotation_is_applied(
    orientation: int, upper_left: tuple[int, int, int], lower_left: tuple[int, int, int]
) -> None:
    cleaned = process_image(jpeg_with_metadata(orientation))
    assert (cleaned.width, cleaned.height) == ((300, 400) if orientation == 6 else (400, 300))
    image = open_image(cleaned.files[cleaned.sizes[-1]]).convert("RGB")
    assert is_similar_colour(image.getpixel((20, 20)), upper_left)
    assert is_similar_colour(image.getpixel((20, image.height - 20)), lower_left)


def test_hidden_data_is_removed() -> None:
    script = b"<script>alert(1)</script><?php system($_GET[0]); ?>"
    png = encode(kind="PNG")
    comment = encode(comment=script)
    for uploaded in (encode() + script, png + b"PK\x03\x04" + script, comment):
        for content in process_image(uploaded).files.values():
            assert b"script" not in content
            assert b"php" not in content
            assert b"PK\x03\x04" not in content


@pytest.mark.parametrize("mode", ["L", "P", "1", "RGBA", "LA", "I;16"])
def test_every_colour_mode_is_supported(mode: str) -> None:
    image = quarters(mode="L" if mode in ("I;16", "LA") else mode)
    if mode in ("LA", "RGBA"):
        image.putalpha(128)
    if mode == "I;16":
        image = image.convert("I").point(lambda value: value * 256).convert("I;16")
    cleaned = process_image(encode(image, "PNG"))
    stored = open_image(cleaned.files[400])
    assert stored.mode == ("RGBA" if "A" in mode else "RGB")
    pixel = stored.convert("L").getpixel((50, 50))
    assert isinstance(pixel, int)
    assert 30 < pixel < 130 or mode == "1"


def test_cmyk_is_supported() -> None:
    assert process_image(encode(quarters(mode="CMYK"))).width == 400


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
def test_other_formats_are_refused(data: bytes) -> None:
    with pytest.raises(PictureRefused) as exc_info:
        process_image(data)
    assert exc_info.value.code == "picture_unknown"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_truncated_and_corrupt_pictures_are_refused(kind: str) -> None:
    complete = encode(quarters(600, 400), kind)
    for broken in (complete[: len(complete) // 2], complete[:40], complete[:12] + b"\x00" * 300):
        with pytest.raises(PictureRefused) as exc_info:
            process_image(broken)
        assert exc_info.value.code == "picture_broken"


@pytest.mark.parametrize(
    ("width", "height"), [(6400, 6400), (20_001, 100), (60_000, 60_000), (2**31 - 1, 2**31 - 1)]
)
def test_a_decompression_bomb_is_refused_by_its_header(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(*_: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(Image.Image, "load", decode)
    with pytest.raises(PictureRefused) as exc_info:
        process_image(png_with_size(width, height))
    assert exc_info.value.code == "picture_large"


def test_compressed_text_bombs_are_refused() -> None:
    packed = b"Comment\x00\x00" + zlib.compress(b"a" * 80_000_000)
    chunk = len(packed).to_bytes(4, "big") + b"zTXt" + packed
    chunk += zlib.crc32(b"zTXt" + packed).to_bytes(4, "big")
    png = encode(kind="PNG")
    with pytest.raises(PictureRefused):
        process_image(png[:33] + chunk + png[33:])


def test_a_jpeg_with_too_many_scans_is_refused() -> None:
    with pytest.raises(PictureRefused) as exc_info:
        process_image(encode() + b"\xff\xda" * (image_processing.MAX_JPEG_SCANS + 1))
    assert exc_info.value.code == "picture_broken"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (encode(quarters(63, 400)), "picture_small"),
        (b"\xff\xd8\xff" + b"\x00" * image_processing.MAX_PICTURE_BYTES, "picture_heavy"),
    ],
)
def test_too_small_and_too_heavy_pictures_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(PictureRefused) as exc_info:
        process_image(data)
    assert exc_info.value.code == code


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animated_picture_is_refused(kind: str) -> None:
    frames = [quarters(), quarters(mode="L").convert("RGB")]
    moving = encode(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    with pytest.raises(PictureRefused) as exc_info:
        process_image(moving)
    assert exc_info.value.code == "picture_moves"


def test_the_first_picture_of_an_mpo_file_is_kept() -> None:
    double = encode(quarters(), "MPO", save_all=True, append_images=[quarters(200, 200)])
    assert process_image(double).width == 400
