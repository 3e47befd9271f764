using MnistLab.Studio.Outputs;

namespace MnistLab.Studio.Notebooks;

/// <summary>What a cell put out with other values of the parameters.</summary>
/// <param name="Parameters">The values, as the parameters' cell had them.</param>
/// <param name="Outputs">The outputs.</param>
internal sealed record EarlierResult(string Parameters, IReadOnlyList<OutputState> Outputs);
