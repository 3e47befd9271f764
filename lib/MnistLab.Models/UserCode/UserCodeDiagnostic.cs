namespace MnistLab.Models.UserCode;

/// <summary>One thing the compiler objects to in a user's file.</summary>
/// <param name="File">The file's path, as it was given to the compiler; empty where the objection is to the program as a whole.</param>
/// <param name="Line">The line, from 1; 0 where there is none.</param>
/// <param name="Column">The column, from 1; 0 where there is none.</param>
/// <param name="Id">The compiler's number of the error, such as <c>CS1002</c>.</param>
/// <param name="Message">What is wrong, in the compiler's words.</param>
public sealed record UserCodeDiagnostic(string File, int Line, int Column, string Id, string Message)
{
    /// <summary>The diagnostic as editors and terminals make it a link: <c>train_mnist.cs(12,5): error CS1002: ; expected</c>.</summary>
    public override string ToString() => File.Length == 0
        ? $"error {Id}: {Message}"
        : FormattableString.Invariant($"{Path.GetFileName(File)}({Line},{Column}): error {Id}: {Message}");
}
