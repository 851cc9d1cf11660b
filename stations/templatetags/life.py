"""How rows of station life read on a page."""

from django import template

register = template.Library()


@register.filter
def there(lines):
    """How many of a station's `ItemLine`s are there."""
    return sum(line.is_there for line in lines)
