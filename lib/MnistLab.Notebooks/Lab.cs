using MnistLab.Data.Datasets;
using MnistLab.Data.Download;
using MnistLab.Data.Sources;
using MnistLab.Data.Workspaces;
using MnistLab.Models.Registry;
using MnistLab.Models.UserCode;
using MnistLab.Notebooks.Texts;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Storage;
using MnistLab.Training.Jobs;

namespace MnistLab.Notebooks;

/// <summary>
/// Represents the entry point of every notebook: its workspace, and the services of the platform. Displayed as the
/// result of a cell, it shows the object store and the bucket, and loads the chart library without a network.
/// </summary>
public sealed class Lab
{
    /// <summary>The bucket of the tutorial.</summary>
    public const string BucketName = "modelarts-example";

    private Lab(Workspace workspace)
    {
        Workspace = workspace;
        Store = workspace.OpenStore();
        Jobs = new TrainingJobs(workspace);
        Services = new OnlineServices(workspace.ServicesFolder);
        Models = new ModelRegistry(Store, Bucket / "models/", users: Services);
    }

    /// <summary>Gets the workspace on this machine.</summary>
    public Workspace Workspace { get; }

    /// <summary>
    /// Gets the object store: a folder on this machine, or the server that <c>OBS_ENDPOINT</c> or the user's access key
    /// names.
    /// </summary>
    public IObjectStore Store { get; }

    /// <summary>Gets the address of the tutorial's bucket, <c>s3://modelarts-example/</c>.</summary>
    public ObjectUrl Bucket { get; } = ObjectUrl.Parse($"s3://{BucketName}/");

    /// <summary>Gets the address of the four MNIST files, <c>s3://modelarts-example/datasets/</c>.</summary>
    public ObjectUrl DatasetsUrl => Bucket / "datasets/";

    /// <summary>Gets the address of the code, <c>s3://modelarts-example/codes/</c>.</summary>
    public ObjectUrl CodesUrl => Bucket / "codes/";

    /// <summary>Gets the address of the training output, <c>s3://modelarts-example/log/</c>.</summary>
    public ObjectUrl LogUrl => Bucket / "log/";

    /// <summary>Gets the folder of the notebooks' code files.</summary>
    public string CodesFolder => Path.Combine(Workspace.Root, "notebooks", "codes");

    /// <summary>Gets the training jobs.</summary>
    public TrainingJobs Jobs { get; }

    /// <summary>Gets the registry of models that were trained or imported.</summary>
    public ModelRegistry Models { get; }

    /// <summary>Gets the online services.</summary>
    public OnlineServices Services { get; }

    /// <summary>
    /// Opens the workspace that contains the current folder, and registers formatters for charts, tables, and digits.
    /// </summary>
    /// <param name="language">
    /// The language of displays: <c>en</c> or <c>zh</c>. Error messages, logs, and events are always in English.
    /// </param>
    /// <exception cref="ArgumentException">The language is not supported.</exception>
    /// <exception cref="WorkspaceException">The current folder is not in a workspace.</exception>
    public static Lab Open(string language = "en")
    {
        if (language is not ("en" or "zh"))
            throw new ArgumentException($"The language must be 'en' or 'zh', but was '{language}'.", nameof(language));
        DisplayText.Language = language;
        NotebookFormatters.Register();
        return new Lab(Workspace.Find());
    }

    /// <summary>Opens a workspace for a program without a notebook.</summary>
    /// <exception cref="ObjectStoreException">The settings of the object store are incomplete or invalid.</exception>
    public static Lab Open(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return new Lab(workspace);
    }

    /// <summary>
    /// Finds the dataset: the one in <c>MNIST_DIR</c>, or else MNIST itself, downloaded once to the user's cache, or
    /// else the bundled sample. The notice of the result says which.
    /// </summary>
    /// <param name="progress">Receives the progress of a download.</param>
    /// <param name="cancellationToken">Cancels a download; complete files stay.</param>
    public Task<DatasetSource> FindDatasetAsync(
        IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Workspace.FindDatasetAsync(progress, cancellationToken);

    /// <summary>Downloads the dataset from the bucket, and reads it.</summary>
    /// <exception cref="DatasetException">
    /// The dataset is not in the bucket; the message says how to upload it.
    /// </exception>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
    public async Task<MnistDataset> LoadDatasetAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await MnistDataset.LoadAsync(Store, DatasetsUrl, cancellationToken: cancellationToken);
        }
        catch (Exception error) when (IsMissing(error))
        {
            throw new DatasetException(DatasetsUrl.ToString(), $"{error.Message} Notebook 1 uploads the dataset: run it first.", error);
        }
    }

    private bool IsMissing(Exception error) => error is DatasetException dataset
        ? dataset.Path == DatasetsUrl.ToString()
        : error is ObjectStoreException { Error: ObjectStoreError.NoSuchBucket or ObjectStoreError.NoSuchKey };

    /// <summary>
    /// Returns the output of the newest completed version of a training job: the prefix that contains its
    /// <c>model/</c>.
    /// </summary>
    /// <param name="jobName">The name of the job, such as <c>train_mnist</c>.</param>
    /// <exception cref="TrainingJobException">
    /// There is no completed version; the message says how to get one.
    /// </exception>
    public ObjectUrl OutputOf(string jobName) =>
        Jobs.All.FirstOrDefault(job => job.Spec.JobName == jobName && job.Status == JobStatus.Completed)?.OutputUrl
        ?? throw new TrainingJobException($"There is no completed training job '{jobName}'. Notebook 2 submits it: run it first.");

    /// <summary>Returns a running online service.</summary>
    /// <param name="name">The name of the service, such as <c>digits</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="DeploymentException">
    /// The service does not exist or is not running; the message says how to start it.
    /// </exception>
    public async Task<OnlineService> ServiceAsync(string name, CancellationToken cancellationToken = default)
    {
        try
        {
            return await Services.GetAsync(name, cancellationToken);
        }
        catch (DeploymentException error)
        {
            throw new DeploymentException($"{error.Message} Notebook 3 does: run it first.", error);
        }
    }

    /// <summary>Compiles a program of <see cref="CodesFolder"/> and runs it in this process.</summary>
    /// <param name="file">The name of the file, such as <c>predict.cs</c>.</param>
    /// <param name="arguments">The arguments of the program.</param>
    /// <returns>The exit code of the program.</returns>
    /// <exception cref="UserCodeException">The file is missing, does not compile, or is not a program.</exception>
    public async Task<int> RunProgramAsync(string file, params string[] arguments)
    {
        using var program = UserCodeCompiler.Compile([Path.Combine(CodesFolder, file)]);
        return await program.RunMainAsync(arguments);
    }

    /// <summary>Returns the location of the object store, and the bucket.</summary>
    public override string ToString() => TrainingTexts.Lab.With(Store.Location, Bucket);
}
