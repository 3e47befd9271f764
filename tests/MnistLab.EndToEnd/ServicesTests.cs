using MnistLab.Data.Images;
using MnistLab.Storage;
using MnistLab.Testing;

namespace MnistLab.EndToEnd;

/// <summary>
/// Tests the lifecycle of a trained model from the command line: imported, deployed, updated, used, stopped, and
/// deleted.
/// </summary>
public sealed class ServicesTests
{
    [Fact]
    public async Task Commands_FromTheImportToTheDeletion_DoWhatTheySay()
    {
        await using var workspace = new CopiedWorkspace();
        var output = await TrainAsync(workspace);
        var picture = workspace.PathOf("digit.png");
        await File.WriteAllBytesAsync(
            picture, DigitImage.FromPixels(SmallTraining.Digits.Test.Image(0)).ToPng());

        Assert.Contains(
            "model/ folder itself",
            await FailAsync(workspace, "models", "import", "digits", $"{output}model/"),
            StringComparison.Ordinal);
        Assert.Matches(
            @"^digits +0\.0\.1 +Normal ",
            await RunAsync(workspace, "models", "import", "digits", $"{output}", "--description", "the first"));
        Assert.Matches(@"^digits +0\.0\.2 +Normal ", await RunAsync(workspace, "models", "import", "digits", $"{output}"));
        Assert.Matches(
            @"^NAME    VERSION  STATUS  ACCURACY  IMPORTED             DESCRIPTION\r?\n(digits  0\.0\..*\n)*.*the first",
            await RunAsync(workspace, "models", "list", "digits"));
        Assert.Contains(
            "\"model_algorithm\": \"softmax_digits\"",
            await RunAsync(workspace, "models", "show", "digits:0.0.1"),
            StringComparison.Ordinal);

        Assert.StartsWith(
            "digits: running, digits 0.0.1, http://127.0.0.1:",
            await RunAsync(workspace, "services", "deploy", "digits", "--model", "digits:0.0.1", "--stop-after", "1h"),
            StringComparison.Ordinal);
        Assert.Contains(
            "digits 0.0.1 (90%), digits 0.0.2 (10%)",
            await RunAsync(workspace, "services", "update", "digits", "-m", "digits:0.0.1=90", "digits:0.0.2=10"),
            StringComparison.Ordinal);
        Assert.Contains(
            "100",
            await FailAsync(workspace, "services", "update", "digits", "-m", "digits:0.0.1=90", "digits:0.0.2=20"),
            StringComparison.Ordinal);
        Assert.Matches(@"digit\.png: \d \(\d: \d+\.\d%", await RunAsync(workspace, "services", "predict", "digits", picture));
        Assert.Matches(
            @"^NAME    STATUS   MODELS .*\r?\ndigits  Running  digits 0\.0\.1 \(90%\), digits 0\.0\.2 \(10%\)  http://127",
            await RunAsync(workspace, "services", "list"));
        var shown = await RunAsync(workspace, "services", "show", "digits");
        Assert.Contains("now serving digits 0.0.1 (90%), digits 0.0.2 (10%)", shown, StringComparison.Ordinal);
        // Settings that an update does not name stay unchanged.
        Assert.Matches(@"stops automatically: \d{4}-", shown);
        Assert.Contains("nothing to change", await FailAsync(workspace, "services", "update", "digits"), StringComparison.Ordinal);
        Assert.Contains(
            "digits 0.0.1 (90%), digits 0.0.2 (10%)",
            await RunAsync(workspace, "services", "update", "digits", "--stop-after", "never"),
            StringComparison.Ordinal);
        Assert.Contains("stops automatically: never", await RunAsync(workspace, "services", "show", "digits"), StringComparison.Ordinal);
        Assert.Contains("Ready: digits 0.0.1 (100%)", await RunAsync(workspace, "services", "logs", "digits"), StringComparison.Ordinal);
        Assert.Contains(
            "is deployed in 'digits'",
            await FailAsync(workspace, "models", "delete", "digits:0.0.2"),
            StringComparison.Ordinal);

        Assert.StartsWith("digits: stopped", await RunAsync(workspace, "services", "stop", "digits"), StringComparison.Ordinal);
        Assert.StartsWith(
            "digits: running, digits 0.0.1 (90%), digits 0.0.2 (10%)",
            await RunAsync(workspace, "services", "start", "digits"),
            StringComparison.Ordinal);
        await RunAsync(workspace, "services", "delete", "digits");
        await RunAsync(workspace, "models", "delete", "digits:0.0.2");
        Assert.Contains("no online service", await RunAsync(workspace, "services", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_ASecretThatIsNotThere_IsRefused()
    {
        await using var workspace = new CopiedWorkspace();
        var output = await TrainAsync(workspace);
        await RunAsync(workspace, "models", "import", "digits", $"{output}");

        Assert.Contains("NO_SUCH_VARIABLE", await FailAsync(
            workspace,
            "services",
            "deploy",
            "digits",
            "--address",
            "0.0.0.0",
            "--token-from",
            "NO_SUCH_VARIABLE"), StringComparison.Ordinal);
        Assert.Contains(
            "token",
            await FailAsync(workspace, "services", "deploy", "digits", "--address", "0.0.0.0"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("service.json", "services", "delete", "digits")]
    [InlineData("/sys/kernel", "course", "examine", "/sys/kernel/mnistlab")]
    [InlineData("/sys/kernel", "kernel", "install", "--prefix", "/sys/kernel")]
    [InlineData("/sys/kernel", "run", "notebooks/1-prepare.ipynb", "--output", "/sys/kernel/mnistlab")]
    public async Task Command_WhatTheSystemDeniesAccessTo_IsNamedInAMessage(string place, params string[] arguments)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Directory.Exists("/sys/kernel"),
            "Needs Linux's /sys, where not even root may create a file.");
        await using var workspace = new CopiedWorkspace();
        // A folder in the place of a file: opening it is denied, even to root.
        if (arguments[0] == "services") Directory.CreateDirectory(workspace.PathOf("artifacts/services/digits/service.json"));

        var error = await FailAsync(workspace, arguments);
        if (arguments[0] == "services") Directory.Delete(workspace.PathOf("artifacts/services"), recursive: true);

        Assert.Contains(place, error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", error, StringComparison.Ordinal);
    }

    private static Task<ObjectUrl> TrainAsync(CopiedWorkspace workspace) =>
        SmallTraining.SaveSoftmaxAsync(workspace.Store, ObjectUrl.Parse("s3://modelarts-example/log/V0001/"));

    private static async Task<string> RunAsync(CopiedWorkspace workspace, params string[] arguments)
    {
        var (exitCode, output, error) = await workspace.RunAsync(null, arguments);
        Assert.True(exitCode == 0, $"{string.Join(' ', arguments)}: {output}{error}");
        return output;
    }

    private static async Task<string> FailAsync(CopiedWorkspace workspace, params string[] arguments)
    {
        var (exitCode, _, error) = await workspace.RunAsync(null, arguments);
        Assert.Equal(2, exitCode);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        return error;
    }
}
