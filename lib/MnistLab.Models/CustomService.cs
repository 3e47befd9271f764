using MnistLab.Data.Images;

namespace MnistLab.Models;

/// <summary>
/// Represents inference code: the steps from an image file to its prediction. A model package contains one class that
/// derives from this one and overrides the steps to customize; the three methods correspond to ModelArts's
/// <c>_preprocess</c>, <c>_inference</c>, and <c>_postprocess</c>.
/// </summary>
/// <remarks>
/// One instance handles all requests, many of them concurrently, so requests must not modify its fields.
/// </remarks>
public abstract class CustomService
{
    private DigitModel? _model;
    private bool _hasOwnPreprocess;
    private bool _hasOwnInference;

    /// <summary>Gets the trained model of the package.</summary>
    /// <exception cref="InvalidOperationException">The property is used in the constructor, before the model is
    /// set.</exception>
    protected DigitModel Model => _model ?? throw new InvalidOperationException(
        "The model is not available in the constructor: it is set after the class has been constructed.");

    /// <summary>
    /// Converts an image file to the input of the model; by default with the same procedure as in training.
    /// </summary>
    /// <param name="picture">An image file, from its beginning: PNG, JPEG, BMP, GIF, or WebP.</param>
    /// <returns>784 pixels in [0, 1], row by row from the top, white on black.</returns>
    /// <exception cref="DigitImageException">The file is not an image, or the image is blank; the service responds with
    /// 400 and this message.</exception>
    public virtual float[] Preprocess(Stream picture) =>
        DigitImage.Decode(picture, Model.Preprocessing).ToUnitInterval();

    /// <summary>Runs the model.</summary>
    /// <param name="pixels">The result of <see cref="Preprocess"/>.</param>
    /// <returns>The logits, one per label.</returns>
    public virtual float[] Inference(float[] pixels) => Model.Run(pixels);

    /// <summary>
    /// Converts the output of the model to a prediction; by default with the five most probable labels.
    /// </summary>
    /// <param name="logits">The result of <see cref="Inference"/>.</param>
    public virtual Prediction Postprocess(float[] logits) => Prediction.FromLogits(logits, labels: Model.Labels);

    /// <summary>Predicts the label of an image file by performing all three steps.</summary>
    public Prediction Predict(Stream picture) =>
        Postprocess(_hasOwnPreprocess || _hasOwnInference ? Inference(Preprocess(picture)) : Model.Run(picture));

    /// <summary>Sets the model; this instance does not own it.</summary>
    public void Use(DigitModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        (_hasOwnPreprocess, _hasOwnInference) = (IsOverridden(nameof(Preprocess)), IsOverridden(nameof(Inference)));
    }

    /// <summary>
    /// Runs the model on pixels without allocating an array, unless <see cref="Inference"/> is overridden. At thousands
    /// of images per second, these arrays would be most of the garbage.
    /// </summary>
    public float[] InferenceOf(ReadOnlySpan<float> pixels) => _hasOwnInference ? Inference(pixels.ToArray()) : Model.Run(pixels);

    private bool IsOverridden(string step) =>
        GetType().GetMethods().Any(method => method.Name == step && method.DeclaringType != typeof(CustomService));
}
