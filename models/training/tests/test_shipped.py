"""A model's folder becomes the same network again."""
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
import torch  # noqa: E402

from attune_training import network, ship, shipped  # noqa: E402

SHAPE = network.Shape(vocabulary=400, hidden=32, blocks=1, layers=2, buckets=1024, orders=2, chain_buckets=2048, words=80, worded=32)
TUNED = {"address": {"temperature": 1.5, "thresholds": {"formal": 0.9}}}


class Shipped(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        torch.manual_seed(5)
        model = network.Classifier(SHAPE, network.Deep(SHAPE), network.Worded(SHAPE)).eval()
        for parameter in model.parameters():
            parameter.data.normal_(0, 0.1)
        model.wide.fold.random_(0, 2 * SHAPE.vocabulary)
        ship.model(model, TUNED, "1.2.3", b"{}", self.folder, self.folder)

    def test_gives_the_logits_of_the_graph(self):
        found = shipped.load(self.folder, self.folder)
        graph = onnxruntime.InferenceSession(self.folder / "onnx" / "model_quantized.onnx", providers=["CPUExecutionProvider"])
        ids = np.random.default_rng(1).integers(1, SHAPE.vocabulary, (3, 17))
        mask = np.ones_like(ids)
        mask[1, 9:] = 0
        wanted = graph.run(None, {"input_ids": ids, "attention_mask": mask})
        with torch.no_grad():
            own = found.model(torch.from_numpy(ids), torch.from_numpy(mask), torch.ones(SHAPE.sites, SHAPE.hidden), torch.zeros(SHAPE.sites, SHAPE.hidden))
        for one, other in zip(own, wanted):
            np.testing.assert_allclose(one.numpy(), other, atol=1e-4)

    def test_weights_that_are_alike_and_stand_once_in_the_graph_are_found(self):
        torch.manual_seed(6)
        model = network.Classifier(SHAPE, network.Deep(SHAPE), network.Worded(SHAPE)).eval()
        model.wide.fold.random_(0, 2 * SHAPE.vocabulary)
        for parameter in (model.wide_weight, model.worded_weight, model.bias):
            parameter.data.zero_()
        ship.model(model, TUNED, "1.2.3", b"{}", self.folder, self.folder)
        found = shipped.load(self.folder, self.folder).model
        self.assertTrue(torch.equal(found.worded_weight, model.worded_weight))
        self.assertTrue(torch.equal(found.deep_weight, model.deep_weight))
        self.assertTrue(torch.allclose(found.deep.layers[1].mix.weight, model.deep.layers[1].mix.weight, atol=1e-2))

    def test_knows_temperatures_and_weights_of_the_parts(self):
        mixing = shipped.load(self.folder, self.folder).mixing()
        self.assertEqual(mixing.temperatures["address"], 1.5)
        self.assertEqual(mixing.temperatures["praise"], 1.0)
        self.assertEqual(mixing.wide.shape, mixing.bias.shape)

    def test_a_graph_of_another_shape_is_refused(self):
        path = self.folder / "config.json"
        path.write_text(path.read_text().replace('"layers": 2', '"layers": 3'))
        with self.assertRaisesRegex(ValueError, "other shapes"):
            shipped.load(self.folder, self.folder)

    def test_a_column_that_an_older_model_lacks_is_silent(self):
        found = shipped.load(self.folder, self.folder)
        wanted = {name: tuple(value.shape) for name, value in found.model.state_dict().items()}
        for name in ("deep.experts.weight", "deep.experts.bias", "deep_weight", "bias"):
            whole = torch.zeros(wanted[name])
            self.assertTrue(torch.equal(shipped.padded(name, whole, whole.shape), whole))
            longer = shipped.padded(name, whole[:-1], whole.shape)
            self.assertEqual(tuple(longer.shape), wanted[name])
        self.assertLess(shipped.padded("deep.experts.bias", torch.zeros(3), torch.Size([4]))[-1], -5)


if __name__ == "__main__":
    unittest.main()
