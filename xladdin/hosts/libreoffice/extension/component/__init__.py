"""The one module that the extension itself carries; all else stays in the product's environment."""
