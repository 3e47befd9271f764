using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;

namespace MnistLab.Models;

/// <summary>
/// Represents a trained network that runs on ONNX Runtime. Its input <c>images</c> is float32 [N, 1, 28, 28] with
/// pixels in [0, 1], white on black; its output <c>logits</c> is float32 [N, labels].
/// </summary>
/// <remarks>
/// Thread-safe. Each prediction uses one thread, which gives the highest throughput under concurrent requests.
/// </remarks>
public sealed class DigitModel : IDisposable
{
    /// <summary>The number of pixels of an image: 28 rows of 28.</summary>
    public const int PixelCount = 28 * 28;

    private const string InputName = "images";
    private const string OutputName = "logits";
    private static readonly int[] InputShape = [-1, 1, 28, 28];
    private static readonly OrtEnv Runtime = StartRuntime();
    private readonly InferenceSession _session;
    private readonly ConcurrentBag<TensorPair> _idle = [];

    private DigitModel(InferenceSession session, IReadOnlyList<string> labels, ImagePreprocessing preprocessing) =>
        (_session, Labels, Preprocessing) = (session, labels, preprocessing);

    /// <summary>Gets the names of the classes, one for each logit.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Gets how an image file is converted to pixels.</summary>
    public ImagePreprocessing Preprocessing { get; }

    /// <summary>Loads a model of digits from an <c>.onnx</c> file.</summary>
    /// <exception cref="ModelImportException">The file is missing or not an ONNX model, or its input and output are not
    /// those of a digit model.</exception>
    public static DigitModel Load(string file) =>
        Load(file, ImageKind.Digits.ClassNames, ImagePreprocessing.Digit);

    /// <summary>Loads a model from an <c>.onnx</c> file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="labels">The names of the classes, one for each logit.</param>
    /// <param name="preprocessing">How an image file is converted to pixels.</param>
    /// <exception cref="ModelImportException">The file is missing or not an ONNX model, or its input and output are not
    /// those of a model with as many labels.</exception>
    public static DigitModel Load(string file, IReadOnlyList<string> labels, ImagePreprocessing preprocessing)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ArgumentNullException.ThrowIfNull(labels);
        var name = Path.GetFileName(file);
        if (!File.Exists(file))
            throw new ModelImportException(
                ModelImportError.ModelMissing,
                $"There is no {name} in the model package: export the trained model to ONNX first.");

        OnnxRuntimeTelemetry.Disable();
        InferenceSession session;
        _ = Runtime;
        try
        {
            using var options = new SessionOptions
            {
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL
            };
            // Threads must not spin while they wait for work, so that an idle service uses no processor time.
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
            session = new InferenceSession(file, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw LoadFailure.Describe(exception, name);
        }

        try
        {
            Check(session.InputMetadata, "input", InputName, InputShape, name);
            Check(session.OutputMetadata, "output, one number per label,", OutputName, [-1, labels.Count], name);
            return new DigitModel(session, labels, preprocessing);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Runs the model on one image.</summary>
    /// <param name="pixels">784 pixels in [0, 1], row by row from the top, white on black.</param>
    /// <returns>The logits, one per label.</returns>
    /// <exception cref="ArgumentException">There are not 784 pixels.</exception>
    public float[] Run(ReadOnlySpan<float> pixels)
    {
        if (pixels.Length != PixelCount)
            throw new ArgumentException($"An image has {PixelCount} pixels (28 × 28), not {pixels.Length}.", nameof(pixels));
        return Run(pixels, static (pixels, input) => pixels.CopyTo(input));
    }

    /// <summary>
    /// Decodes an image file, as <see cref="DigitImage.Decode(Stream, ImagePreprocessing)"/> does, directly into the
    /// input of the model, and runs the model.
    /// </summary>
    /// <returns>The logits, one per label.</returns>
    /// <exception cref="DigitImageException">The file is not an image, or the image is damaged, too large, or
    /// blank.</exception>
    public float[] Run(Stream picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return Run(
            (picture, Preprocessing),
            static (file, input) => DigitImage.DecodeToUnitInterval(file.picture, input, file.Preprocessing));
    }

    /// <summary>Releases the model.</summary>
    public void Dispose()
    {
        while (_idle.TryTake(out var tensors)) tensors.Dispose();
        _session.Dispose();
    }

    private float[] Run<TPicture>(TPicture picture, Action<TPicture, Span<float>> fill)
        where TPicture : allows ref struct
    {
        var tensors = _idle.TryTake(out var idle) ? idle : new TensorPair(_session, Labels.Count);
        try
        {
            fill(picture, tensors.Input);
            return tensors.Run(_session);
        }
        finally
        {
            _idle.Add(tensors);
        }
    }

    // Otherwise, ONNX Runtime sends usage data to its vendor, and warns if it cannot store a file for that.
    private static OrtEnv StartRuntime()
    {
        var options = new EnvironmentCreationOptions { logId = "mnistlab", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        var runtime = OrtEnv.IsCreated ? OrtEnv.Instance() : OrtEnv.CreateInstanceWithOptions(ref options);
        runtime.DisableTelemetryEvents();
        return runtime;
    }

    private static void Check(IReadOnlyDictionary<string, NodeMetadata> found, string kind, string name, int[] shape, string file)
    {
        var wanted = $"{name} float32 {Describe(shape)}";
        var fits = found.Count == 1
            && found.TryGetValue(name, out var node)
            && node.IsTensor
            && node.ElementDataType == TensorElementType.Float
            && node.Dimensions.Length == shape.Length && node.Dimensions
                .Zip(shape)
                .All(size => size.First == size.Second || (size.Second == -1 && size.First == 1));
        if (fits) return;
        var actual = string.Join(", ", found.Select(entry => entry.Value.IsTensor
            ? $"{entry.Key} {entry.Value.ElementDataType} {Describe(entry.Value.Dimensions)}"
            : entry.Key));
        throw new ModelImportException(
            ModelImportError.ModelMismatch,
            $"{file} cannot be served: its {kind} must be {wanted}, but is {actual}.");
    }

    private static string Describe(int[] shape) =>
        $"[{string.Join(", ", shape.Select(size => size < 0 ? "N" : FormattableString.Invariant($"{size}")))}]";

    /// <summary>
    /// Represents an input and an output tensor, bound to the session once and used by one prediction at a time, so
    /// that a prediction allocates only its result.
    /// </summary>
    private sealed class TensorPair : IDisposable
    {
        private readonly float[] _pixels = GC.AllocateArray<float>(PixelCount, pinned: true);
        private readonly float[] _logits;
        private readonly OrtValue _input;
        private readonly OrtValue _output;
        private readonly OrtIoBinding _binding;
        private readonly RunOptions _options = new();

        public TensorPair(InferenceSession session, int labels)
        {
            _logits = GC.AllocateArray<float>(labels, pinned: true);
            _input = OrtValue.CreateTensorValueFromMemory(_pixels, [1, 1, 28, 28]);
            _output = OrtValue.CreateTensorValueFromMemory(_logits, [1, labels]);
            _binding = session.CreateIoBinding();
            _binding.BindInput(InputName, _input);
            _binding.BindOutput(OutputName, _output);
        }

        public Span<float> Input => _pixels;

        public float[] Run(InferenceSession session)
        {
            session.RunWithBinding(_options, _binding);
            return [.. _logits];
        }

        public void Dispose()
        {
            _binding.Dispose();
            _input.Dispose();
            _output.Dispose();
            _options.Dispose();
        }
    }
}
