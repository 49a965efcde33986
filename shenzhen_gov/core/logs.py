"""Log lines as JSON, one a line; never with personal data in them."""

import json
import logging


class JsonFormatter(logging.Formatter):
    """Format a record with its time, level, logger, message and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the JSON text of `record`."""
        line = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
