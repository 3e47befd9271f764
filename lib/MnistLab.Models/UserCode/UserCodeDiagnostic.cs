namespace MnistLab.Models.UserCode;

/// <summary>Represents one compiler error in a user's file.</summary>
/// <param name="File">The path of the file, as it was passed to the compiler; empty if the error concerns the program
/// as a whole.</param>
/// <param name="Line">The one-based line number; 0 if there is none.</param>
/// <param name="Column">The one-based column number; 0 if there is none.</param>
/// <param name="Id">The ID of the error, such as <c>CS1002</c>.</param>
/// <param name="Message">The message of the compiler.</param>
public sealed record UserCodeDiagnostic(string File, int Line, int Column, string Id, string Message)
{
    /// <summary>
    /// Returns the error in a format that editors and terminals turn into a link: <c>train_mnist.cs(12,5): error
    /// CS1002: ; expected</c>.
    /// </summary>
    public override string ToString() => File.Length == 0
        ? $"error {Id}: {Message}"
        : FormattableString.Invariant($"{Path.GetFileName(File)}({Line},{Column}): error {Id}: {Message}");
}
