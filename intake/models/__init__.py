"""Tables of intake."""

from .attachments import Attachment
from .cases import Case
from .channels import Channel, ChannelToken, IdempotencyKey
from .citizens import Citizen

__all__ = ["Attachment", "Case", "Channel", "ChannelToken", "Citizen", "IdempotencyKey"]
