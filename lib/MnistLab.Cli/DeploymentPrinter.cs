using System.Globalization;
using MnistLab.Serving.Deployment;

namespace MnistLab.Cli;

/// <summary>Prints each step of a deployment, in a line of its own, on the error stream: what the command prints is its result.</summary>
internal sealed class DeploymentPrinter : IProgress<DeploymentProgress>
{
    public void Report(DeploymentProgress value) => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.Percent,3} % {value.Message}"));
}
