[assembly: AssemblyFixture(typeof(MnistLab.Serving.Tests.TrainedModel))]
