"""Why a message was not taken, in words that hold neither an address nor a secret."""


class Failure(Exception):  # noqa: N818 - nothing is wrong with the product
    """A message was not taken.

    Attributes:
        may_pass: whether another attempt in the same run may succeed.
        is_of_server: whether every other message to the same server would fail too.
    """

    def __init__(self, words: str, *, may_pass: bool, is_of_server: bool = False) -> None:
        super().__init__(words)
        self.may_pass = may_pass
        self.is_of_server = is_of_server
