using MnistLab.Studio.Outputs;

namespace MnistLab.Studio.Notebooks;

/// <summary>Represents the outputs of a cell for other parameter values.</summary>
/// <param name="Parameters">The parameter values, as in the cell tagged <c>parameters</c>.</param>
/// <param name="Outputs">The outputs.</param>
internal sealed record EarlierResult(string Parameters, IReadOnlyList<OutputState> Outputs);
