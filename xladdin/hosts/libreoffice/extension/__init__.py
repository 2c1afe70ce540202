"""The LibreOffice extension: built from the registry, served by the product's own environment."""

from xladdin.hosts.libreoffice.extension.build import Product, build_extension, this_product

__all__ = ["Product", "build_extension", "this_product"]
