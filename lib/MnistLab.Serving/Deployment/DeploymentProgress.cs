namespace MnistLab.Serving.Deployment;

/// <summary>Represents the progress of a deployment.</summary>
/// <param name="Percent">The progress in percent, 0 to 100.</param>
/// <param name="Message">A readable description of the current step.</param>
public readonly record struct DeploymentProgress(int Percent, string Message);
