namespace MnistLab.Kernel;

/// <summary>How notebooks are to be run.</summary>
public sealed record RunOptions
{
    /// <summary>Values for variables of the cell tagged <c>parameters</c>, by the variable's name, as they were typed; see <see cref="NotebookParameters"/>.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>How long one cell may run, above zero; null for as long as it takes.</summary>
    public TimeSpan? CellTimeout { get; init; }

    /// <summary>Whether to go on with the next cell when one fails. The end of a notebook's process is never allowed.</summary>
    public bool AllowErrors { get; init; }

    /// <summary>
    /// Whether the skeletons of exercises run as they are, as before a reader completes them; by default their solutions
    /// run, see <see cref="ExerciseSolutions"/>.
    /// </summary>
    public bool AsLearner { get; init; }
}
