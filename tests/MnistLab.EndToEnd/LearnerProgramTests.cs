using System.Diagnostics;
using MnistLab.Data.Workspaces;

namespace MnistLab.EndToEnd;

/// <summary>
/// Tests the programs in <c>notebooks/codes</c> in a state in which a learner might leave them in the middle of a
/// change.
/// </summary>
public sealed class LearnerProgramTests
{
    [Fact]
    public async Task Program_WithAUsingAndAVariableThatItDoesNotUse_Builds()
    {
        var root = Workspace.Find().Root;
        // Within the repository, where its .editorconfig applies.
        var folder = Path.Combine(root, "artifacts", "learner", Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            var settings = Path.Combine(root, "notebooks", "Directory.Build.props");
            File.WriteAllText(Path.Combine(folder, "Directory.Build.props"), $"<Project><Import Project=\"{settings}\" /></Project>");
            var program = File.ReadAllText(Path.Combine(root, "notebooks", "codes", "predict.cs"))
                .Replace("#:project ../../lib/", $"#:project {root}/lib/", StringComparison.Ordinal)
                .Replace("using MnistLab.Client;", "using System.Text;\nusing MnistLab.Client;", StringComparison.Ordinal)
                .Replace("var failures = 0;", "var failures = 0;\nint notUsed;", StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder, "predict.cs"), program);

            var (exitCode, output) = await BuildAsync(Path.Combine(folder, "predict.cs"));

            Assert.True(exitCode == 0, output);
            Assert.Contains("warning CS0168", output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int ExitCode, string Output)> BuildAsync(string file)
    {
        var start = new ProcessStartInfo("dotnet", ["build", file, "--nologo"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
