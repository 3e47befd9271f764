namespace MnistLab.Notebooks;
