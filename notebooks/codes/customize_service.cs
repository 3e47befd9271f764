#:project ../../lib/MnistLab.Models

// The inference code of the model: what happens between a picture and its prediction. It travels with the model, and the service runs it.
// Three steps: Preprocess (picture → pixels), Inference (pixels → logits), Postprocess (logits → answer).
// Override the ones that are to be different; the others do what training did.

using MnistLab.Models;

public sealed class MnistService : CustomService
{
    // The five most probable digits, best first, with probabilities instead of logits.
    public override Prediction Postprocess(float[] logits) => Prediction.FromLogits(logits, count: 5);
}
