using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Generation;

/// <summary>The token that a chat template writes behind an answer. Many checkpoints name another as their end token, and would go on with the next turn.</summary>
internal static class TurnEnd
{
    private const string Answer = "The answer.";

    /// <summary>Its id; null where there is no template, or none such token.</summary>
    public static int? Of(TextEncoder tokenizer)
    {
        string conversation;
        try
        {
            conversation = tokenizer.ApplyChatTemplate([new ChatMessage("user", "Asked."), new ChatMessage("assistant", Answer), new ChatMessage("user", "Asked again.")]);
        }
        catch (Exception error) when (error is ChatTemplateException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
        int answer = conversation.IndexOf(Answer, StringComparison.Ordinal);
        if (answer < 0)
        {
            return null;
        }
        string behind = conversation[(answer + Answer.Length)..].TrimStart();
        int[] ids = tokenizer.Encode(behind, null, new EncodeOptions { AddSpecialTokens = false }).Ids;
        // A special token is one that is left out of decoded text.
        return ids.Length > 0 && tokenizer.Decode([ids[0]]).Length == 0 && tokenizer.Decode([ids[0]], skipSpecialTokens: false).Length > 0 ? ids[0] : null;
    }
}
