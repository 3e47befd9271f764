using PublicApiGenerator;

namespace MnistLab.Architecture.Tests;

/// <summary>Tests that the public API of each library is the approved one, so that each change is deliberate.</summary>
public sealed class PublicApiTests
{
    private const string AcceptVariable = "MNISTLAB_ACCEPT_API";

    // Attributes for the compiler, the debugger, and the trimmer are not part of the API.
    private static readonly ApiGeneratorOptions Options = new()
    {
        IncludeAssemblyAttributes = false,
        ExcludeAttributes =
        [
            "System.Diagnostics.DebuggerDisplayAttribute",
            "System.Runtime.CompilerServices.AsyncIteratorStateMachineAttribute",
            "System.Runtime.CompilerServices.AsyncStateMachineAttribute",
        ],
    };

    /// <summary>
    /// Gets the libraries. The command has no API, and that of the lab in a browser consists of its pages.
    /// </summary>
    public static TheoryData<string> Libraries => [.. Library.Projects.Where(
        project => project is not ("MnistLab.Cli" or "MnistLab.Studio"))];

    [Theory, MemberData(nameof(Libraries))]
    public void PublicApi_OfALibrary_IsTheApprovedOne(string library)
    {
        var file = Path.Combine(
            Path.GetDirectoryName(Library.Folder)!, "tests", "MnistLab.Architecture.Tests", "PublicApi", library + ".txt");
        var actual = Library.Load(library).GeneratePublicApi(Options).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(AcceptVariable) is { Length: > 0 }) File.WriteAllText(file, actual);

        var approved = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        Assert.True(approved == actual, $"""
            The public API of {library} is not the approved one.
            {Difference(approved.Split('\n'), actual.Split('\n'))}
            If the change is intended, accept it and commit the file with it:
            {AcceptVariable}=1 dotnet test --project tests/MnistLab.Architecture.Tests
            """);
    }

    private static string Difference(string[] approved, string[] actual)
    {
        var removed = approved.Except(actual).Select(line => $"- {line.Trim()}");
        var added = actual.Except(approved).Select(line => $"+ {line.Trim()}");
        return string.Join('\n', removed.Concat(added).DefaultIfEmpty("The order of its members has changed."));
    }
}
