namespace MLNet.Transformers;

/// <summary>What Microsoft.ML.TorchSharp's trainers are told of their network. Here the checkpoint says it: the value is there so that calls compile unchanged.</summary>
public enum BertArchitecture
{
    /// <summary>Its only network.</summary>
    Roberta,
}
