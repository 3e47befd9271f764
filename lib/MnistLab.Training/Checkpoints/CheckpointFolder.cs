using System.Globalization;
using System.Text.RegularExpressions;
using MnistLab.Hosting;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training.Checkpoints;

/// <summary>
/// Represents the checkpoints of a run: <c>step-00000100.safetensors</c> and so on, and <c>best.safetensors</c>. Each
/// holds everything a run needs to resume: the weights, the optimizer's state, the number of completed steps, and the
/// state of the hooks. The state of the random generator is not needed, because each step derives its seed from the
/// run's seed and the step number. Files are written atomically.
/// </summary>
public sealed partial class CheckpointFolder
{
    /// <summary>The file name of the best checkpoint.</summary>
    public const string BestName = "best.safetensors";

    private const string StepKey = "step";
    private const string WeightPrefix = "weight/";
    private const string OptimizerName = "optimizer";
    private const string HookPrefix = "hook/";
    private const string OptimizerKey = "optimizer";

    private readonly int _keep;

    /// <summary>
    /// Initializes a new instance of the <see cref="CheckpointFolder"/> class. The folder is created by the first save.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="keep">The number of newest checkpoints to keep in addition to the best one, at least 1.</param>
    public CheckpointFolder(string path, int keep = 5)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        NumberRange.RequireAtLeast(keep, 1);
        (Path, _keep) = (path, keep);
    }

    /// <summary>Gets the path of the folder.</summary>
    public string Path { get; }

    /// <summary>Gets the file of the checkpoint with the lowest validation loss; null if there is none.</summary>
    public string? Best => File.Exists(System.IO.Path.Combine(Path, BestName)) ? System.IO.Path.Combine(Path, BestName) : null;

    /// <summary>
    /// Gets the file of the best checkpoint if it belongs to the run that saved the newest checkpoint: either the
    /// newest checkpoint records its step, or the run was killed after it saved even better weights. Null if that run
    /// did not evaluate, so that the best checkpoint is from an earlier run.
    /// </summary>
    internal string? BestOfNewest
    {
        get
        {
            if (Best is not { } best || Newest is not { } newest) return Best;
            var ((newestStep, state), (bestStep, _)) = (ReadState(newest), ReadState(best));
            return bestStep > newestStep || BestWeights.StepOf(state) == bestStep ? best : null;
        }
    }

    /// <summary>Gets the step and the file of each kept checkpoint, the oldest first.</summary>
    public IReadOnlyList<(long Step, string File)> All => !Directory.Exists(Path) ? [] :
    [
        .. Directory
            .EnumerateFiles(Path)
            .Select(file => (Match: FileName().Match(System.IO.Path.GetFileName(file)), file))
            .Where(found => found.Match.Success)
            .Select(found => (Step: long.Parse(found.Match.Groups[1].Value, CultureInfo.InvariantCulture), found.file))
                .OrderBy(found => found.Step),
    ];

    /// <summary>Gets the file of the newest checkpoint; null if there is none.</summary>
    public string? Newest => All is [.., var newest] ? newest.File : null;

    /// <summary>Saves a checkpoint, and deletes those that are no longer kept.</summary>
    internal void Save(
        long step,
        nn.Module<Tensor, Tensor> network,
        optim.Optimizer optimizer,
        string optimizerName,
        IReadOnlyDictionary<string, double> hooks,
        bool isBest = false)
    {
        var path = System.IO.Path.Combine(
            Path, isBest ? BestName : string.Create(CultureInfo.InvariantCulture, $"step-{step:D8}.safetensors"));
        using var state = new MemoryStream();
        using (var writer = new BinaryWriter(
            state, System.Text.Encoding.UTF8, leaveOpen: true)) ((OptimizerHelper)optimizer).save_state_dict(writer);
        using var optimizerState = tensor(state.ToArray(), ScalarType.Byte).DetachFromDisposeScope();

        var tensors = network.state_dict().ToDictionary(item => WeightPrefix + item.Key, item => item.Value);
        tensors[OptimizerName] = optimizerState;
        var metadata = hooks.ToDictionary(item => HookPrefix + item.Key, item => item.Value.ToString("R", CultureInfo.InvariantCulture));
        metadata[StepKey] = step.ToString(CultureInfo.InvariantCulture);
        metadata[OptimizerKey] = optimizerName;

        AtomicFile.Write(path, file =>
        {
            SafetensorsFile.Write(file, tensors, metadata);
            file.Flush(flushToDisk: true);
        });

        foreach (var (_, old) in All.SkipLast(_keep)) File.Delete(old);
    }

    /// <summary>Reads the number of completed steps and the run's state from a checkpoint.</summary>
    /// <exception cref="CheckpointException">The file is damaged or not a checkpoint.</exception>
    internal static (long Step, IReadOnlyDictionary<string, double> State) ReadState(string path)
    {
        var (tensors, metadata) = SafetensorsFile.Read(path);
        foreach (var tensor in tensors.Values) tensor.Dispose();
        return (StepOf(path, metadata), StateOf(metadata));
    }

    /// <summary>Restores a checkpoint into a network and, if one is given, into an optimizer.</summary>
    /// <returns>The number of completed steps, and the state of the hooks.</returns>
    /// <exception cref="CheckpointException">
    /// The file is damaged, or belongs to another network or optimizer.
    /// </exception>
    internal static (long Step, IReadOnlyDictionary<string, double> Hooks) Restore(
        string path, nn.Module<Tensor, Tensor> network, optim.Optimizer? optimizer, string? optimizerName)
    {
        var (tensors, metadata) = SafetensorsFile.Read(path);
        try
        {
            var step = StepOf(path, metadata);
            if (!tensors.TryGetValue(OptimizerName, out var state)) throw NotACheckpoint(path);

            var weights = tensors
                .Where(item => item.Key.StartsWith(WeightPrefix, StringComparison.Ordinal))
                .ToDictionary(item => item.Key[WeightPrefix.Length..], item => item.Value);
            var own = network.state_dict();
            var wrong = own.Keys.Union(weights.Keys).FirstOrDefault(name => !own.TryGetValue(name, out var mine)
                || !weights.TryGetValue(name, out var theirs)
                || !mine.shape.SequenceEqual(theirs.shape)
                || mine.dtype != theirs.dtype);
            if (wrong is not null)
                throw new CheckpointException(
                    $"{path} belongs to another network: its '{wrong}' is {Shape(weights, wrong)}, but this network's is {Shape(own, wrong)}. Use the model that it was saved from, or another log directory.");
            if (optimizer is not null)
            {
                if (metadata.GetValueOrDefault(OptimizerKey) != optimizerName)
                    throw new CheckpointException(
                        $"{path} was saved with the optimizer {metadata.GetValueOrDefault(OptimizerKey)}, but this run uses {optimizerName}. Use the same optimizer, or another log directory.");
                using var reader = new BinaryReader(new MemoryStream(state.bytes.ToArray()));
                Prime(network, optimizer);
                ((OptimizerHelper)optimizer).load_state_dict(reader);
            }

            using (no_grad())
            {
                foreach (var (name, weight) in own) weight.copy_(weights[name]);
            }

            return (step, StateOf(metadata));
        }
        finally
        {
            foreach (var tensor in tensors.Values) tensor.Dispose();
        }
    }

    private static long StepOf(string path, IReadOnlyDictionary<string, string> metadata) =>
        metadata.TryGetValue(StepKey, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            ? step
            : throw NotACheckpoint(path);

    private static Dictionary<string, double> StateOf(IReadOnlyDictionary<string, string> metadata) => metadata
        .Where(item => item.Key.StartsWith(HookPrefix, StringComparison.Ordinal))
        .ToDictionary(
            item => item.Key[HookPrefix.Length..],
            item => double.Parse(item.Value, CultureInfo.InvariantCulture),
            StringComparer.Ordinal);

    private static CheckpointException NotACheckpoint(string path) =>
        new($"{path} is not a checkpoint of a run: it has no step or no optimizer state. Use a checkpoint that a run has saved.");

    // An optimizer creates its state in its first step, and can load a state only after that. The change of the weights
    // in this step is overwritten by the restored weights.
    private static void Prime(nn.Module<Tensor, Tensor> network, optim.Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        foreach (var parameter in network.parameters()) parameter.grad = zeros_like(parameter);
        optimizer.step();
        optimizer.zero_grad();
    }

    private static string Shape(IReadOnlyDictionary<string, Tensor> tensors, string name) =>
        tensors.TryGetValue(name, out var tensor) ? $"[{string.Join(", ", tensor.shape)}]" : "missing";

    [GeneratedRegex(@"\Astep-(\d{8,18})\.safetensors\z")]
    private static partial Regex FileName();
}
