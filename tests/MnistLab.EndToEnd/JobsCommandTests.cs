using MnistLab.Data.Workspaces;
using MnistLab.Storage;

namespace MnistLab.EndToEnd;

/// <summary>Tests training jobs from the command line.</summary>
public sealed class JobsCommandTests
{
    [Fact]
    public async Task Jobs_ReproduceFromTheManifest_HasTheSameWeightsInAnyCulture()
    {
        await using var workspace = await WithDataAsync();
        // A culture whose decimal separator is a comma.
        workspace.Variables["LC_ALL"] = "de_DE.UTF-8";
        string[] parameters = ["-p", "max_number_of_steps=20", "-p", "learning_rate=0.05"];

        string[] limit = ["--max-minutes", "1.5"];

        var submitted = await workspace.RunAsync(null, ["jobs", "submit", "mine", .. parameters, .. limit]);
        var reproduced = await workspace.RunAsync(null, "jobs", "reproduce", "s3://modelarts-example/log/V0001/");
        var shown = await workspace.RunAsync(null, "jobs", "show", "mine");
        await workspace.Store.PutTextAsync(Codes / "train_mnist.cs", "// another one");
        var changed = await workspace.RunAsync(null, "jobs", "reproduce", "s3://modelarts-example/log/V0001/");

        Assert.Equal((0, 0, 0, 2), (submitted.ExitCode, reproduced.ExitCode, shown.ExitCode, changed.ExitCode));
        var record = await File.ReadAllTextAsync(Path.Combine(FolderOf(workspace, "mine"), "job.json"));
        Assert.Contains("\"max_duration\": \"00:01:30\"", record, StringComparison.Ordinal);
        Assert.Contains("The weights are the same, bit for bit: SHA-256", reproduced.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("different:", reproduced.Output, StringComparison.Ordinal);
        Assert.Contains("reproduces mine V0001", shown.Output, StringComparison.Ordinal);
        Assert.Contains("train_mnist.cs is not the file that the model", changed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_WhereNoTemporaryFolderCanBeCreated_NameItAndTheVariable()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows chooses the temporary folder by other variables.");
        await using var workspace = await WithDataAsync();
        string[] submit = ["jobs", "submit", "mine", "-p", "max_number_of_steps=2"];
        var (exitCode, _, error) = await workspace.RunAsync(null, submit);
        Assert.True(exitCode == 0, error);
        workspace.Variables["TMPDIR"] = workspace.PathOf("missing");

        var submitted = await workspace.RunAsync(null, submit);
        var imported = await workspace.RunAsync(null, "models", "import", "digits", "s3://modelarts-example/log/V0001/");
        var loaded = await workspace.RunAsync(null, "run", workspace.NotebookPath("4-predict.ipynb"));
        var listed = await workspace.RunAsync(null, "run", workspace.NotebookPath("2-train.ipynb"), "--list-parameters");

        Assert.Equal((2, 2, 1, 0), (submitted.ExitCode, imported.ExitCode, loaded.ExitCode, listed.ExitCode));
        Assert.All([submitted.Error, imported.Error], message =>
        {
            Assert.Contains($"Cannot create a temporary folder in '{workspace.PathOf("missing")}'", message, StringComparison.Ordinal);
            Assert.Contains("Set TMPDIR to an existing folder", message, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Jobs_ListWithADamagedRecord_ShowsTheOthersAndNamesIt()
    {
        await using var workspace = await WithDataAsync();
        var parameters = new[] { "-p", "max_number_of_steps=2", "-p", "export_model=false" };
        var submitted = await workspace.RunAsync(null, ["jobs", "submit", "mine", .. parameters]);
        Assert.True(submitted.ExitCode == 0, submitted.Error);
        var damaged = Directory.CreateDirectory(FolderOf(workspace, "bad")).FullName;
        await File.WriteAllTextAsync(Path.Combine(damaged, "job.json"), "{");

        var (exitCode, output, error) = await workspace.RunAsync(null, "jobs", "list");

        Assert.Equal(0, exitCode);
        Assert.Matches(@"^NAME  VERSION  STATUS     SECONDS  PARAMETERS\r?\nmine  V0001    Completed  \d+\.\d +max_number", output);
        var file = Path.Combine(damaged, "job.json");
        Assert.Contains($"damaged: {file} cannot be read", error, StringComparison.Ordinal);
    }

    private static ObjectUrl Bucket { get; } = ObjectUrl.Parse("s3://modelarts-example/");

    private static ObjectUrl Codes => Bucket / "codes/";

    private static string FolderOf(CopiedWorkspace workspace, string job) =>
        workspace.InFolder(Path.Combine("artifacts", "jobs", job, "V0001"));

    private static async Task<CopiedWorkspace> WithDataAsync()
    {
        var workspace = new CopiedWorkspace();
        await workspace.Store.CreateBucketAsync(Bucket.Bucket);
        await workspace.Store.UploadFolderAsync(Workspace.Find().SampleFolder, Bucket / "datasets/");
        await workspace.Store.UploadFolderAsync(workspace.NotebookPath("codes"), Codes);
        return workspace;
    }
}
