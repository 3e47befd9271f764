#:project ../../lib/MnistLab.Models
#:property OutputType=Library

// The inference code of the model: what happens between an image and its prediction.
// It travels with the model, and the service runs it. It has three steps:
// Preprocess (image → pixels), Inference (pixels → logits), Postprocess (logits → response).
// Override a step to change it; a step that is not overridden does what training did.

using MnistLab.Models;

public sealed class MnistService : CustomService
{
    // The five most probable labels, best first, with probabilities instead of logits.
    public override Prediction Postprocess(float[] logits) =>
        Prediction.FromLogits(logits, count: 5, Model.Labels);
}
