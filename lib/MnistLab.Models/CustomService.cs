using MnistLab.Data.Images;

namespace MnistLab.Models;

/// <summary>
/// Inference code: what happens between a picture and its prediction. A model package holds one class that derives from this one and overrides
/// what is to be different; the three methods are those of ModelArts's <c>_preprocess</c>, <c>_inference</c> and <c>_postprocess</c>.
/// </summary>
/// <remarks>One instance answers all requests, many at a time: keep nothing in fields that a request changes.</remarks>
public abstract class CustomService
{
    private DigitModel? _model;
    private bool _hasOwnPreprocess;
    private bool _hasOwnInference;

    /// <summary>The trained model of the package.</summary>
    /// <exception cref="InvalidOperationException">It is asked for in the constructor, before it is there.</exception>
    protected DigitModel Model => _model ?? throw new InvalidOperationException("The model is not there yet: it is set once the class has been constructed.");

    /// <summary>Turns a picture into what the model takes in: by default with the same procedure as training.</summary>
    /// <param name="picture">A picture file, from its beginning: PNG, JPEG, BMP, GIF, or WebP.</param>
    /// <returns>784 pixels in [0, 1], row by row from the top, white on black.</returns>
    /// <exception cref="DigitImageException">It is no picture, or there is nothing on it; the service answers 400 with this message.</exception>
    public virtual float[] Preprocess(Stream picture) => DigitImage.Decode(picture).ToUnitInterval();

    /// <summary>Runs the model.</summary>
    /// <param name="pixels">What <see cref="Preprocess"/> returned.</param>
    /// <returns>10 logits, one a digit.</returns>
    public virtual float[] Inference(float[] pixels) => Model.Run(pixels);

    /// <summary>Turns the model's output into an answer: by default the five most probable digits.</summary>
    /// <param name="logits">What <see cref="Inference"/> returned.</param>
    public virtual Prediction Postprocess(float[] logits) => Prediction.FromLogits(logits);

    /// <summary>The whole way from a picture to its prediction.</summary>
    public Prediction Predict(Stream picture) => Postprocess(_hasOwnPreprocess || _hasOwnInference ? Inference(Preprocess(picture)) : Model.Run(picture));

    /// <summary>Gives the class its model; the class does not own it.</summary>
    public void Use(DigitModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        (_hasOwnPreprocess, _hasOwnInference) = (IsOverridden(nameof(Preprocess)), IsOverridden(nameof(Inference)));
    }

    /// <summary>Runs the model on pixels that are nobody's array: where nobody looks at them before the model does, they need not be. At thousands of pictures a second that is most of the garbage.</summary>
    public float[] InferenceOf(ReadOnlySpan<float> pixels) => _hasOwnInference ? Inference(pixels.ToArray()) : Model.Run(pixels);

    private bool IsOverridden(string step) => GetType().GetMethods().Any(method => method.Name == step && method.DeclaringType != typeof(CustomService));
}
