using MLNet.Transformers.Tokenization.ChatTemplates.Tree;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Syntax;

/// <summary>Reads what stands to the left of = or in.</summary>
internal sealed class TargetParser(TokenStream tokens)
{
    /// <summary>One target, or several with commas between them.</summary>
    public Target Read()
    {
        Target first = ReadOne();
        if (!tokens.Current.IsOperator(","))
        {
            return first;
        }
        List<Target> targets = [first];
        while (tokens.SkipOperator(",") && (tokens.Current.Kind == TokenKind.Name || tokens.Current.IsOperator("(")) && !tokens.Current.IsName("in"))
        {
            targets.Add(ReadOne());
        }
        return new ItemsTarget(targets);
    }

    public Target ReadOne()
    {
        if (tokens.SkipOperator("("))
        {
            Target inner = Read();
            tokens.ExpectOperator(")");
            return inner;
        }
        Token name = tokens.Expect(TokenKind.Name, "the name of a variable");
        if (name.Text is "loop" or "true" or "false" or "none" or "True" or "False" or "None")
        {
            throw new TemplateError($"'{name.Text}' cannot be given a value", name.Line);
        }
        return tokens.SkipOperator(".") ? new AttributeTarget(name.Text, tokens.Expect(TokenKind.Name, "the name of an attribute").Text) : new NameTarget(name.Text);
    }
}
