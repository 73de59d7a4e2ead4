namespace MLNet.Transformers.Models.Generation;

/// <summary>The text of a sequence's tokens as they come, from whoever knows the tokenizer.</summary>
internal interface ITextDecoder
{
    /// <summary>What is certain now that another token is there; may be empty.</summary>
    string Add(int id);

    /// <summary>What remains when no token follows.</summary>
    string Finish();

    /// <summary>A decoder that has read the same, and goes on by itself.</summary>
    ITextDecoder Copy();
}
