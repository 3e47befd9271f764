using System.Globalization;
using System.Text.RegularExpressions;
using MnistLab.Data.Sources;

namespace MnistLab.EndToEnd;

/// <summary>The course on the full MNIST; a class of its own, so that it runs beside the chain on the sample.</summary>
public sealed partial class FullDatasetTests
{
    [Fact]
    public async Task Run_TheNotebooksOnTheFullDataset_HoldsWhatTheyClaimAndReachesTheExpectedAccuracies()
    {
        var mnist = Environment.GetEnvironmentVariable(DatasetSource.Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(mnist), $"{DatasetSource.Variable} is not set.");
        await using var workspace = new CopiedWorkspace();
        workspace.Examine(isMnist: true);

        var (exitCode, output, error) = await workspace.RunAsync(mnist, "run", "notebooks");

        Assert.True(exitCode == 0, output + error);
        var accuracies = Accuracy().Matches(workspace.Executed("2-train.ipynb")).ToDictionary(match => match.Groups[2].Value, match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.InRange(accuracies["softmax regression"], 86.5, 88.0);
        Assert.InRange(accuracies["convolutional network"], 98.5, 100.0);
    }

    [GeneratedRegex("""([\d.]+)% ± [\d.]+ +(softmax regression|convolutional network)""")]
    private static partial Regex Accuracy();
}
