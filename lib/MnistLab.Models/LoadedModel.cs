using System.Diagnostics;
using MnistLab.Data.Images;
using MnistLab.Models.UserCode;

namespace MnistLab.Models;

/// <summary>
/// A model package, opened: a folder with <c>config.json</c>, <c>model.onnx</c> and exactly one file of inference code (by convention <c>customize_service.cs</c>),
/// in the shape of a ModelArts <c>model/</c> directory.
/// </summary>
public sealed class LoadedModel : IDisposable
{
    private readonly DigitModel _model;
    private readonly UserAssembly _code;
    private readonly CustomService _service;

    private LoadedModel(ModelConfig config, DigitModel model, UserAssembly code, CustomService service) =>
        (Config, _model, _code, _service) = (config, model, code, service);

    /// <summary>What <c>config.json</c> says.</summary>
    public ModelConfig Config { get; }

    /// <summary>Its inference code, ready to answer: one instance for all requests.</summary>
    public CustomService Service => _service;

    /// <summary>How long the trial prediction may take: as long as any other, at most.</summary>
    public static readonly TimeSpan PredictionLimit = TimeSpan.FromSeconds(40);

    /// <summary>Opens a package: reads its configuration, loads its model, compiles its inference code unless that has been done, and tries one prediction.</summary>
    /// <param name="folder">The folder with <c>config.json</c> in it.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="ModelImportException">The package is not what it has to be; the message names the file and what is wrong with it.</exception>
    public static LoadedModel Open(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var config = ModelConfig.Read(Path.Combine(folder, PackageFiles.Config));
        var codeFile = InferenceCode.Find(folder);
        var model = DigitModel.Load(Path.Combine(folder, PackageFiles.Model));
        UserAssembly? code = null;
        Task<Prediction>? trial = null;
        try
        {
            code = InferenceCode.Open(codeFile, cancellationToken);
            var service = code.CreateInstance<CustomService>();
            service.Use(model);
            // On a thread of its own: code that never ends must not keep the opening from ending.
            trial = Task.Run(() => service.Predict(new MemoryStream(ProbePicture.Create())), cancellationToken);
            Require(trial, Path.GetFileName(codeFile), cancellationToken);
            return new LoadedModel(config, model, code, service);
        }
        catch (Exception exception)
        {
            // A trial that still goes on still uses them.
            _ = (trial as Task ?? Task.CompletedTask).ContinueWith(
                _ =>
                {
                    code?.Dispose();
                    model.Dispose();
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            if (exception is UserCodeException) throw new ModelImportException(ModelImportError.InferenceCodeInvalid, $"The inference code cannot be used. {exception.Message}", exception);
            throw;
        }
    }

    /// <summary>Predicts the digit on a picture. Safe for any number of threads at once.</summary>
    /// <param name="picture">A picture file, from its beginning.</param>
    /// <exception cref="DigitImageException">It is no picture, or there is nothing on it.</exception>
    public Prediction Predict(Stream picture) => _service.Predict(picture);

    /// <summary>Frees the model and lets the inference code go.</summary>
    public void Dispose()
    {
        (_service as IDisposable)?.Dispose();
        _code.Dispose();
        _model.Dispose();
    }

    // Inference code is the user's: whatever it throws is a finding about the package, to be told as such.
    private static void Require(Task<Prediction> trial, string codeName, CancellationToken cancellationToken)
    {
        try
        {
            if (!trial.Wait(PredictionLimit, cancellationToken)) throw new PredictionTimeLimitException(PredictionLimit);
            if (trial.Result is not { Scores.Count: > 0 }) throw new InvalidOperationException("the prediction has no scores");
        }
        catch (Exception thrown) when (!cancellationToken.IsCancellationRequested)
        {
            var exception = (thrown as AggregateException)?.InnerException ?? thrown;
            throw new ModelImportException(ModelImportError.ProbeFailed, $"A trial prediction with {codeName} failed{LineOf(exception, codeName)}: {exception.GetType().Name}: {exception.Message}", exception);
        }
    }

    private static string LineOf(Exception exception, string codeName)
    {
        var frame = new StackTrace(exception, fNeedFileInfo: true).GetFrames().FirstOrDefault(frame => Path.GetFileName(frame.GetFileName()) == codeName);
        return frame is null ? "" : FormattableString.Invariant($" in line {frame.GetFileLineNumber()}");
    }
}
