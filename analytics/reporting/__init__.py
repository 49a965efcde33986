"""Reports as documents: what one consists of, the sentences in it, and its forms as workbook and PDF."""
