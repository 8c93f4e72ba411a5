"""What other sites embed: the search, a card of a person, as elements, frames and by oEmbed."""
