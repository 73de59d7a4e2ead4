using Microsoft.ML.Tokenizers;

namespace MLNet.Transformers.Tokenization;

/// <summary>
/// Makes a tokenizer from its files, again when a model is loaded: what a model with a tokenizer of your own needs to be saved. Implement it in a class
/// with a parameterless constructor, in an assembly that is there where the model is loaded; the model names the class and holds the files.
/// </summary>
public interface ITokenizerFactory
{
    /// <summary>Makes the tokenizer.</summary>
    /// <param name="files">Contents by name, as they were given to <see cref="TextEncoder.FromTokenizerFactory"/>.</param>
    Tokenizer Create(IReadOnlyDictionary<string, byte[]> files);
}
