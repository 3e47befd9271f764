using System.Diagnostics;
using MnistLab.Data.Images;
using MnistLab.Models.UserCode;

namespace MnistLab.Models;

/// <summary>
/// Represents an opened model package: a folder with <c>config.json</c>, <c>model.onnx</c>, and exactly one file of
/// inference code (by convention <c>customize_service.cs</c>), in the format of a ModelArts <c>model/</c> directory.
/// </summary>
public sealed class LoadedModel : IDisposable
{
    private readonly DigitModel _model;
    private readonly UserAssembly _code;
    private readonly CustomService _service;

    private LoadedModel(ModelConfig config, DigitModel model, UserAssembly code, CustomService service) =>
        (Config, _model, _code, _service) = (config, model, code, service);

    /// <summary>Gets the contents of <c>config.json</c>.</summary>
    public ModelConfig Config { get; }

    /// <summary>Gets the inference code with its model; the same instance handles all requests.</summary>
    public CustomService Service => _service;

    /// <summary>The maximum time limit of a prediction, which also applies to the trial prediction.</summary>
    public static readonly TimeSpan PredictionLimit = TimeSpan.FromSeconds(40);

    /// <summary>
    /// Opens a package: reads its configuration, loads its model, compiles its inference code unless it is already
    /// compiled, and makes a trial prediction.
    /// </summary>
    /// <param name="folder">The folder that contains <c>config.json</c>.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <exception cref="ModelImportException">The package is invalid; the message names the file and the
    /// problem.</exception>
    public static LoadedModel Open(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var config = ModelConfig.Read(Path.Combine(folder, PackageFiles.Config));
        var codeFile = InferenceCode.Find(folder);
        var model = DigitModel.Load(Path.Combine(folder, PackageFiles.Model), config.LabelNames, config.Preprocessing);
        UserAssembly? code = null;
        Task<Prediction>? trial = null;
        try
        {
            code = InferenceCode.Open(codeFile, cancellationToken);
            var service = code.CreateInstance<CustomService>();
            service.Use(model);
            // Runs on another thread, so that code that never returns cannot block this method forever.
            trial = Task.Run(() => service.Predict(new MemoryStream(ProbePicture.Create())), cancellationToken);
            Validate(trial, Path.GetFileName(codeFile), cancellationToken);
            return new LoadedModel(config, model, code, service);
        }
        catch (Exception exception)
        {
            // A trial prediction that is still running still uses the code and the model.
            _ = (trial as Task ?? Task.CompletedTask).ContinueWith(
                _ =>
                {
                    code?.Dispose();
                    model.Dispose();
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            if (exception is UserCodeException)
                throw new ModelImportException(
                    ModelImportError.InferenceCodeInvalid,
                    $"The inference code cannot be used. {exception.Message}",
                    exception);
            throw;
        }
    }

    /// <summary>Predicts the digit in an image file. Thread-safe.</summary>
    /// <param name="picture">An image file, from its beginning.</param>
    /// <exception cref="DigitImageException">The file is not an image, or the image is blank.</exception>
    public Prediction Predict(Stream picture) => _service.Predict(picture);

    /// <summary>Releases the model and unloads the inference code.</summary>
    public void Dispose()
    {
        (_service as IDisposable)?.Dispose();
        _code.Dispose();
        _model.Dispose();
    }

    // Any exception of the user's inference code means that the package cannot be used, and is reported as such.
    private static void Validate(Task<Prediction> trial, string codeName, CancellationToken cancellationToken)
    {
        try
        {
            if (!trial.Wait(PredictionLimit, cancellationToken)) throw new PredictionTimeLimitException(PredictionLimit);
            if (trial.Result is not { Scores.Count: > 0 }) throw new InvalidOperationException("the prediction has no scores");
        }
        catch (Exception thrown) when (!cancellationToken.IsCancellationRequested)
        {
            var exception = (thrown as AggregateException)?.InnerException ?? thrown;
            throw new ModelImportException(
                ModelImportError.ProbeFailed,
                $"A trial prediction with {codeName} failed{LineOf(exception, codeName)}: {exception.GetType().Name}: {exception.Message}",
                exception);
        }
    }

    private static string LineOf(Exception exception, string codeName)
    {
        var frame = new StackTrace(exception, fNeedFileInfo: true)
            .GetFrames()
            .FirstOrDefault(frame => Path.GetFileName(frame.GetFileName()) == codeName);
        return frame is null ? "" : FormattableString.Invariant($" in line {frame.GetFileLineNumber()}");
    }
}
