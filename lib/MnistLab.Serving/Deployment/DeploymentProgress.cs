namespace MnistLab.Serving.Deployment;

/// <summary>How far a deployment has come.</summary>
/// <param name="Percent">0 to 100.</param>
/// <param name="Message">What is being done, for people to read.</param>
public readonly record struct DeploymentProgress(int Percent, string Message);
