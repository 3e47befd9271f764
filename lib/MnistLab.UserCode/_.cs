namespace MnistLab.UserCode;
