using MnistLab.Testing;
using MnistLab.Training.Networks;
using MnistLab.Training.Optimizers;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MnistLab.Training.Tests;

public sealed class OptimizerTests
{
    private const double Rate = 0.01;
    private const double Decay = 0.05;

    // Not a multiple of the length of a vector.
    private static readonly long[] Shape = [7, 19];

    public static TheoryData<string> Names => [.. Mox.OptimizerNames];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Step_WhileTheGarbageCollectorRuns_ComputesTheSame(string name)
    {
        var undisturbed = Train(Ours(name), steps: 5_000);
        await using var collections = new GarbageCollections();

        Assert.Equal(undisturbed, Train(Ours(name), steps: 5_000));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_WithChangingGradients_ComputesWhatTorchSharpDoes(string name)
    {
        var (theirs, ours) = (Train(Theirs(name), steps: 200), Train(Ours(name), steps: 200));

        Assert.NotEqual(Train(Ours(name), steps: 0), ours);
        for (var i = 0; i < theirs.Length; i++) Assert.Equal(theirs[i], ours[i], 1e-5f * (1 + Math.Abs(theirs[i])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_FromACheckpointOfTorchSharpsOptimizer_ContinuesAsThatWouldHave(string name)
    {
        using var folder = new TemporaryFolder();
        var (ours, theirs) = (Ours(name), Theirs(name));
        using var before = Run(name, theirs, 7, folder["log"]).Network;
        using var expected = Run(name, theirs, 12, null).Network;

        var resumed = Run(name, ours, 12, folder["log"]);

        using var network = resumed.Network;
        Assert.Equal((7, 12), (resumed.StartStep, resumed.Steps));
        // Rounding errors grow during training, but a lost state would make a difference as large as the steps
        // themselves.
        Assert.InRange(Distance(expected, network), 0, 0.02 * Distance(before, expected));
    }

    [Fact]
    public void Step_WithAGradientThatIsNotContiguous_TakesItsElementsInOrder()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(zeros(2, 3));
        using var optimizer = new SGD([parameter], learningRate: 1);
        parameter.grad = tensor(new float[,] { { 1, 4 }, { 2, 5 }, { 3, 6 } }).t();

        optimizer.step();

        Assert.Equal([-1f, -2f, -3f, -4f, -5f, -6f], parameter.data<float>().ToArray());
    }

    [Fact]
    public void Step_WithoutAGradient_LeavesTheParameter()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones(3));
        using var optimizer = new AdamW([parameter], weightDecay: 0.5);

        optimizer.step();

        Assert.Equal([1f, 1f, 1f], parameter.data<float>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ZeroGrad_AfterAStep_ReleasesTheGradients(string name)
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones(3));
        using var optimizer = Ours(name)([parameter]);
        parameter.grad = ones(3);

        optimizer.zero_grad();

        Assert.Null(parameter.grad);
    }

    [Fact]
    public void Step_WithAParameterThatItCannotUpdate_SaysWhy()
    {
        using var scope = NewDisposeScope();

        var doubles = Refuse(new Parameter(ones(2, 3, dtype: float64)));
        var transposed = Refuse(new Parameter(ones(2, 3).t()));

        Assert.Contains("of type Float64", doubles, StringComparison.Ordinal);
        Assert.Contains("[3, 2]: it is not contiguous", transposed, StringComparison.Ordinal);

        static string Refuse(Parameter parameter)
        {
            using var optimizer = new SGD([parameter], learningRate: 1);
            parameter.grad = zeros_like(parameter);
            return Assert.Throws<NotSupportedException>(() => optimizer.step()).Message;
        }
    }

    [Fact]
    public void AddParamGroup_WithAnOptionThatIsNotSupported_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var optimizer = new SGD([new Parameter(ones(1))], learningRate: 1);
        Parameter[] parameters = [new Parameter(ones(1))];
        var group = new TorchSharp.Modules.SGD.ParamGroup(parameters, lr: 1, momentum: 0.9, nesterov: true);

        var error = Assert.Throws<NotSupportedException>(() => optimizer.add_param_group(group));

        Assert.Contains("'nesterov'", error.Message, StringComparison.Ordinal);
    }

    private static Func<IEnumerable<Parameter>, optim.Optimizer> Ours(string name) =>
        Mox.GetOptimizerFn(name, LearningRateSchedule.Constant(Rate), Decay).Create;

    private static Func<IEnumerable<Parameter>, optim.Optimizer> Theirs(string name) => parameters => name switch
    {
        "sgd" => optim.SGD(parameters, Rate, weight_decay: Decay),
        "momentum" => optim.SGD(parameters, Rate, momentum: 0.9, weight_decay: Decay),
        "adam" => optim.Adam(parameters, Rate, weight_decay: Decay),
        "adamw" => optim.AdamW(parameters, Rate, weight_decay: Decay),
        "adagrad" => optim.Adagrad(parameters, Rate, weight_decay: Decay),
        "adadelta" => optim.Adadelta(parameters, Rate, weight_decay: Decay),
        "rmsprop" => optim.RMSProp(parameters, Rate, weight_decay: Decay),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Add TorchSharp's optimizer of that name."),
    };

    /// <summary>Trains a parameter with different gradients in each step.</summary>
    private static float[] Train(Func<IEnumerable<Parameter>, optim.Optimizer> create, int steps)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(5);
        using var noise = randn(Shape, generator: random);
        using var parameter = new Parameter(randn(Shape, generator: random));
        using var optimizer = create([parameter]);
        for (var step = 0; step < steps; step++)
        {
            using var stepScope = NewDisposeScope();
            using var gradientsOff = no_grad();
            parameter.grad = noise.roll(step);
            optimizer.step();
        }

        return parameter.data<float>().ToArray();
    }

    private static RunResult Run(
        string name, Func<IEnumerable<Parameter>, optim.Optimizer> create, int steps, string? logDir) => Mox.Run(
            _ => Digits.Few,
            _ => ModelSpec.Classifier(DigitModels.FastNetwork()),
            new OptimizerFn(name, create, LearningRateSchedule.Constant(Rate)),
            batchSize: 16,
            maxNumberOfSteps: steps,
            seed: 3,
            log: TextWriter.Null,
            logDir: logDir);

    private static double Distance(nn.Module one, nn.Module other) => Math.Sqrt(
        Weights(one).Zip(Weights(other)).Sum(pair => Math.Pow(pair.First - pair.Second, 2)));

    private static IEnumerable<float> Weights(nn.Module network) =>
        network.parameters().SelectMany(parameter => parameter.data<float>().ToArray());
}
