"""The programs and files a function or report is served through."""
