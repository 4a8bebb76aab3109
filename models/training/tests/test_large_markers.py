"""What a large teacher says of its word pieces reaches the student's pieces, whatever cuts the words."""
import sys
import unittest
from pathlib import Path
from types import SimpleNamespace

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from attune_training import batches, large_markers  # noqa: E402

MARK = (0, 0)


class Shares(unittest.TestCase):
    def test_a_piece_takes_part_in_what_shares_its_characters(self) -> None:
        # "Ihr Haus": the student reads Ihr | _Haus, the teacher I | hr | Haus.
        found = large_markers.shares([MARK, (0, 3), (3, 8), MARK], [MARK, (0, 1), (1, 3), (4, 8), MARK])
        np.testing.assert_allclose(found, [[0] * 5, [0, 1 / 3, 2 / 3, 0, 0], [0, 0, 0, 4 / 5, 0], [0] * 5], atol=1e-6)

    def test_what_the_teacher_cut_off_gets_nothing(self) -> None:
        found = large_markers.shares([MARK, (0, 4), (4, 9), MARK], [MARK, (0, 4), MARK])
        np.testing.assert_allclose(found.sum(1), [0, 1, 0, 0])


class Labels(unittest.TestCase):
    def test_every_word_piece_of_a_marker_is_labelled_and_nothing_else(self) -> None:
        # "Können Sie dir helfen" with a formal and an informal marker.
        example = SimpleNamespace(spans=[(7, 10, "address-formal"), (11, 14, "address-informal")], tagged=("address-informal", "address-formal"))
        places = [MARK, (0, 6), (7, 8), (8, 10), (11, 14), (15, 21), MARK]
        np.testing.assert_array_equal(large_markers.labels(batches.tag_rows(example, places, 7)), [0, 0, 2, 2, 1, 0, 0])


if __name__ == "__main__":
    unittest.main()
