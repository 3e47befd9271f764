namespace MnistLab.Kernel.Editing;

/// <summary>Represents the call whose arguments are being written.</summary>
/// <param name="Signatures">The overloads, at least one.</param>
/// <param name="ActiveSignature">
/// The index of the first overload that accepts the number of arguments written so far; 0 if none does.
/// </param>
/// <param name="ActiveParameter">The index of the argument at the position.</param>
public sealed record CallDescription(IReadOnlyList<SignatureDescription> Signatures, int ActiveSignature, int ActiveParameter);

/// <summary>Represents an overload.</summary>
/// <param name="Label">The declaration on one line.</param>
/// <param name="Documentation">The documentation as Markdown, without that of the parameters; may be empty.</param>
/// <param name="Parameters">The parameters in order.</param>
public sealed record SignatureDescription(string Label, string Documentation, IReadOnlyList<ParameterDescription> Parameters);

/// <summary>Represents a parameter of an overload.</summary>
/// <param name="Label">The declaration.</param>
/// <param name="Documentation">The documentation of the parameter; may be empty.</param>
public sealed record ParameterDescription(string Label, string Documentation);
