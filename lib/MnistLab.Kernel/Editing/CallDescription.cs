namespace MnistLab.Kernel;

/// <summary>The call whose arguments are being written.</summary>
/// <param name="Signatures">Its overloads; at least one.</param>
/// <param name="ActiveSignature">The index of the first overload that takes as many arguments as were written.</param>
/// <param name="ActiveParameter">The index of the argument at the position.</param>
public sealed record CallDescription(IReadOnlyList<SignatureDescription> Signatures, int ActiveSignature, int ActiveParameter);

/// <summary>An overload.</summary>
/// <param name="Label">Its declaration on one line.</param>
/// <param name="Documentation">What its documentation says, as Markdown; may be empty.</param>
/// <param name="Parameters">Its parameters, in order.</param>
public sealed record SignatureDescription(string Label, string Documentation, IReadOnlyList<ParameterDescription> Parameters);

/// <summary>A parameter of an overload.</summary>
/// <param name="Label">Its declaration.</param>
/// <param name="Documentation">What the documentation says of it; may be empty.</param>
public sealed record ParameterDescription(string Label, string Documentation);
