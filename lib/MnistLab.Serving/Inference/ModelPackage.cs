using MnistLab.UserCode;

namespace MnistLab.Serving;

/// <summary>
/// A model package, opened: a folder with <c>config.json</c>, <c>model.onnx</c> and exactly one file of inference code (by convention <c>customize_service.cs</c>),
/// in the shape of a ModelArts <c>model/</c> directory.
/// </summary>
public sealed class ModelPackage : IDisposable
{
    /// <summary>The file that describes the model.</summary>
    public const string ConfigName = "config.json";

    /// <summary>The trained model.</summary>
    public const string ModelName = "model.onnx";

    private readonly DigitModel _model;
    private readonly UserAssembly _code;
    private readonly CustomService _service;

    private ModelPackage(ModelConfig config, DigitModel model, UserAssembly code, CustomService service) =>
        (Config, _model, _code, _service) = (config, model, code, service);

    /// <summary>What <c>config.json</c> says.</summary>
    public ModelConfig Config { get; }

    /// <summary>Its inference code, ready to answer: one instance for all requests.</summary>
    public CustomService Service => _service;

    /// <summary>Opens a package: reads its configuration, loads its model, compiles its inference code, and tries one prediction.</summary>
    /// <param name="folder">The folder with <c>config.json</c> in it.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="ModelImportException">The package is not what it has to be; the message names the file and what is wrong with it.</exception>
    public static ModelPackage Open(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var config = ModelConfig.Read(Path.Combine(folder, ConfigName));
        var codeFile = FindCode(folder);
        var model = DigitModel.Load(Path.Combine(folder, ModelName));
        UserAssembly? code = null;
        try
        {
            code = UserCodeCompiler.Compile([codeFile], cancellationToken);
            var service = code.CreateInstance<CustomService>();
            service.Use(model);
            Probe(service, Path.GetFileName(codeFile));
            return new ModelPackage(config, model, code, service);
        }
        catch (Exception exception)
        {
            code?.Dispose();
            model.Dispose();
            if (exception is UserCodeException) throw new ModelImportException(ModelImportError.InferenceCodeInvalid, $"The inference code cannot be used. {exception.Message}", exception);
            throw;
        }
    }

    /// <summary>Predicts the digit on a picture. Safe for any number of threads at once.</summary>
    /// <param name="picture">A picture file, from its beginning.</param>
    /// <exception cref="Data.DigitImageException">It is no picture, or there is nothing on it.</exception>
    public Prediction Predict(Stream picture) => _service.Predict(picture);

    /// <summary>Frees the model and lets the inference code go.</summary>
    public void Dispose()
    {
        (_service as IDisposable)?.Dispose();
        _code.Dispose();
        _model.Dispose();
    }

    private static string FindCode(string folder) => Directory.GetFiles(folder, "*.cs").Order(StringComparer.Ordinal).ToArray() switch
    {
        [] => throw new ModelImportException(ModelImportError.InferenceCodeMissing, "There is no inference code in the model package: put customize_service.cs beside config.json."),
        [var file] => file,
        var files => throw new ModelImportException(ModelImportError.InferenceCodeAmbiguous, $"There are {files.Length} files of inference code in the model package ({string.Join(", ", files.Select(Path.GetFileName))}); keep one."),
    };

    // Inference code is the user's: whatever it throws is a finding about the package, to be told as such.
    private static void Probe(CustomService service, string codeName)
    {
        try
        {
            var prediction = service.Predict(new MemoryStream(ProbePicture.Create()));
            if (prediction is not { Scores.Count: > 0 }) throw new InvalidOperationException("the prediction has no scores");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new ModelImportException(ModelImportError.ProbeFailed, $"A trial prediction with {codeName} failed: {exception.GetType().Name}: {exception.Message}", exception);
        }
    }
}
