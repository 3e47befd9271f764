using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Running;

/// <summary>Represents the options of a run of notebooks.</summary>
public sealed record NotebookRunOptions
{
    /// <summary>
    /// Gets the values, as text, for variables of the cell tagged <c>parameters</c>, by the name of the variable; see
    /// <see cref="NotebookParameters"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the timeout of each cell, which must be positive; null for no timeout.</summary>
    public TimeSpan? CellTimeout { get; init; }

    /// <summary>
    /// Gets a value that indicates whether to continue with the next cell if one fails. An unexpected end of the
    /// process of a notebook is always an error.
    /// </summary>
    public bool AllowErrors { get; init; }

    /// <summary>
    /// Gets a value that indicates whether to run the skeletons of exercises unchanged, as before a reader completes
    /// them. By default, their solutions run instead; see <see cref="ExerciseSolutions"/>.
    /// </summary>
    public bool AsLearner { get; init; }
}
