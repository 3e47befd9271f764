using System.Globalization;
using MnistLab.Serving.Deployment;

namespace MnistLab.Cli;

/// <summary>
/// Prints each step of a deployment on a separate line of standard error, because standard output is for the result of
/// the command.
/// </summary>
internal sealed class DeploymentPrinter : IProgress<DeploymentProgress>
{
    public void Report(DeploymentProgress value) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.Percent,3}% {value.Message}"));
}
