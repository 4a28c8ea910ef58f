"""XLIFF 1.x and 2.x, with the variants of Trados, memoQ and Phrase, read and spliced byte for byte."""
