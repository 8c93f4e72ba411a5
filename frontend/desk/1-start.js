// Scripts of the desk; without them its forms still send all they hold.

// What is wrong is where one goes on.
$(".desk-wrong")?.focus();

{
  // On a narrow screen the ways of the desk scroll: the one that is open is brought into view.
  const way = $(".desk-ways [aria-current]");
  const ways = way?.parentElement;
  if (ways && ways.scrollWidth > ways.clientWidth) ways.scrollLeft = way.offsetLeft - ways.offsetLeft - 16;
}
