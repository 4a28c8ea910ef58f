"""Taking words out of a trained tagger that its training hardly ever asked for: they cost time for nothing."""

import numpy as np
import numpy.typing as npt
import torch

from posteditor.training.tagger_model import TaggerModel, WordHead


def drop_rare_words(model: TaggerModel, classes: npt.NDArray[np.int32], least: int) -> int:
    """Take those words out of ``model`` that fewer than ``least`` slots of its training data asked for.

    Args:
        model: Its ``WORD`` classes become fewer, everything else stays.
        classes: The classes of the training data, (slots,); those below 0 stand for none.
        least: 0 leaves all words in.

    Returns:
        How many words were taken out.
    """
    if model.words is None:
        return 0
    own, words = len(model.classifier.weight), model.words
    uses = np.bincount(classes[classes >= own] - own, minlength=len(words.ids))
    kept = torch.from_numpy(np.flatnonzero(uses >= least))
    head = WordHead(words.weight.shape[0], words.ids[kept])
    head.load_state_dict({"ids": words.ids[kept], "weight": words.weight, "bias": words.bias[kept]})
    model.labels = (*model.labels[:own], *(model.labels[own + int(number)] for number in kept))
    model.words = head if len(kept) else None
    return len(uses) - len(kept)
