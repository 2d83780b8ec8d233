"""Printing as PyTorch prints."""


def text(variable):
    """The text of a Variable."""
    value = variable.value
    if value == int(value) if abs(value) < 1e8 else False:
        return "tensor(%d.)" % value
    return ("tensor(%.4f)" if value != value or 1e-4 <= abs(value) < 1e8 else "tensor(%.4e)") % value
